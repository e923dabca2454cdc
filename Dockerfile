# A small image that counts on the CPU, not as root: docker build -t uepnet .
FROM python:3.13-slim AS build
COPY pyproject.toml constraints.txt README.md LICENSE /uepnet/
COPY src /uepnet/src
RUN python -m venv /opt/uepnet && \
    /opt/uepnet/bin/pip install --no-cache-dir --constraint /uepnet/constraints.txt '/uepnet[serve,heic]'

FROM python:3.13-slim
COPY --from=build /opt/uepnet /opt/uepnet
ENV PATH=/opt/uepnet/bin:$PATH PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --start-period=20s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz')"]
ENTRYPOINT ["uepnet"]
CMD ["serve", "--host", "0.0.0.0"]
