/**
 * A button of the sample shop that opens the chat, and asks a question in it where one is given.
 *
 * @param {import("react").ButtonHTMLAttributes<HTMLButtonElement> & { question?: string }} props
 */
export function ChatOpener({ question, children, ...props }) {
  const open = () => {
    const chat = window.VinkChat;
    if (!chat) return;
    chat.open();
    if (question) chat.send(question);
  };
  return (
    <button {...props} type="button" onClick={open}>
      {children}
    </button>
  );
}
