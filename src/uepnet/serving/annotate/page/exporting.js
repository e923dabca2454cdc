// The finished pictures' heads as a file of a labelling tool.

import * as api from "./api.js";

const number = new Intl.NumberFormat("en").format;
const $ = (id) => document.getElementById(id);

export function exporting(pictures) {
  const done = pictures.filter((picture) => picture.done).length;
  $("export-what").textContent = `${number(done)} of ${number(pictures.length)} pictures are done and will be in the file. Those that are not done are left out.`;
  $("export-error").hidden = true;
  $("export").showModal();
}

export async function download(form) {
  try {
    const answer = await api.download(form);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition"))?.[1] ?? form;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    $("export-error").hidden = true;
  } catch (error) {
    $("export-error").textContent = error.message;
    $("export-error").hidden = false;
  }
}
