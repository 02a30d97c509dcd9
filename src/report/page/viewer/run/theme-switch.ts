// A switch between light and dark. The styles of the page follow the system by media queries; the switch
// turns these on or off for good, so that there is one set of colours only.

import { element, setAttribute } from '../element.ts';

const DARK = '(prefers-color-scheme: dark)';

/** The queries for dark colours, found before the first is changed. */
let queries: MediaList[] | undefined;
let theme: 'light' | 'dark' | undefined;

/** Makes the switch. */
export function themeSwitch(): HTMLButtonElement {
  const button = element('button', { type: 'button', class: 'quiet theme-switch' });
  const label = (): void => {
    button.textContent = isDark() ? 'Light' : 'Dark';
    setAttribute(button, 'aria-label', isDark() ? 'Show light colours' : 'Show dark colours');
  };
  button.addEventListener('click', () => {
    setTheme(isDark() ? 'light' : 'dark');
    label();
  });
  matchMedia(DARK).addEventListener('change', label);
  label();
  return button;
}

function isDark(): boolean {
  return theme === undefined ? matchMedia(DARK).matches : theme === 'dark';
}

function setTheme(wanted: 'light' | 'dark'): void {
  theme = wanted;
  queries ??= darkQueries();
  for (const query of queries) query.mediaText = wanted === 'dark' ? 'screen' : 'not all';
  document.documentElement.style.colorScheme = wanted;
}

function darkQueries(): MediaList[] {
  const rules = [...document.styleSheets].flatMap(({ cssRules }) => [...cssRules]);
  return rules
    .filter((rule): rule is CSSMediaRule => rule instanceof CSSMediaRule)
    .map(({ media }) => media)
    .filter(({ mediaText }) => mediaText.replaceAll(' ', '').includes('prefers-color-scheme:dark'));
}
