/* The sample shop's own buttons open the chat, as a site's would. */
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-open-chat]")) window.VinkChat?.open();
});
