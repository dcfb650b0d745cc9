// A file that is sent shows how far it is: <form data-upload> with a <progress> in it. Without this script it is sent
// just so, only without the progress.
const form = document.querySelector("[data-upload]");
const progress = form?.querySelector("progress");

function send(event) {
  event.preventDefault();
  if (form.hasAttribute("aria-busy")) return;
  form.setAttribute("aria-busy", "true");
  progress.hidden = false;
  const request = new XMLHttpRequest();
  request.upload.addEventListener("progress", ({ lengthComputable, loaded, total }) => {
    if (lengthComputable) progress.value = loaded / total;
  });
  request.addEventListener("load", () => follow(request));
  request.addEventListener("error", () => form.submit());
  request.open("POST", form.action);
  request.setRequestHeader("HX-Request", "true");
  request.send(new FormData(form));
}

// Whatever is no new address is a page of its own, with the reason: the browser asks for it in the ordinary way.
function follow(request) {
  const address = request.getResponseHeader("HX-Redirect");
  if (address) window.location.assign(address);
  else form.submit();
}

// The browser's back button brings the page back as it was left.
function release() {
  form.removeAttribute("aria-busy");
  progress.hidden = true;
}

form?.addEventListener("submit", send);
window.addEventListener("pageshow", () => form && release());
