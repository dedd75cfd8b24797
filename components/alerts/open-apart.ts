/** What a menu needs to open an address of another site, or of our own, apart; others than http and https go nowhere. */
export function openApart(url: string): { href: string } | { onSelect: () => void } | { disabled: true } {
  if (url.startsWith('/') && !url.startsWith('//')) return { href: url };
  if (!/^https?:\/\//i.test(url)) return { disabled: true };
  return { onSelect: () => void window.open(url, '_blank', 'noopener,noreferrer') };
}
