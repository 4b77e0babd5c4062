/* The sample shop's own buttons open the chat, or ask in it, as a site's would. */
document.addEventListener("click", (event) => {
  const pressed = event.target.closest?.("[data-open-chat], [data-ask]");
  if (!pressed || !window.VinkChat) return;
  VinkChat.open();
  if (pressed.dataset.ask) VinkChat.send(pressed.dataset.ask);
});
