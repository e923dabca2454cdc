// A picture by dropping, pasting or choosing it; the first one where there are several.
export function takePictures({ input, buttons, onPicture, onSeveral }) {
  const take = (files) => {
    const pictures = [...files];
    if (pictures.length === 0) return;
    if (pictures.length > 1) onSeveral(pictures.length);
    onPicture(pictures[0]);
  };
  for (const button of buttons) button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    take(input.files);
    input.value = "";
  });
  addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])].filter((file) => file.type.startsWith("image/"));
    if (files.length > 0) {
      event.preventDefault();
      take(files);
    }
  });
  dropping(take);
}

function dropping(take) {
  let depth = 0;
  const show = () => document.body.classList.toggle("dropping", depth > 0);
  const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
  addEventListener("dragenter", (event) => {
    if (holdsFiles(event)) depth += 1;
    show();
  });
  addEventListener("dragleave", (event) => {
    if (holdsFiles(event)) depth = Math.max(0, depth - 1);
    show();
  });
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    show();
    take(event.dataTransfer?.files ?? []);
  });
}
