interface Window {
  VinkChat?: { open(): void; send(text: string): void };
  vinkPressed?: (Element | null)[];
}
