// django-allauth tells by an event what went wrong with a passkey; the page tells it to the person.
document.addEventListener("allauth.error", (event) => {
  const trouble = document.getElementById("passkey-trouble");
  if (trouble) {
    trouble.hidden = false;
    event.preventDefault();
  }
});
