// Keeps a page up to date that changes by itself: the server says when, and the page asks for itself again. Without this it is loaded
// again by hand.
const focusable = 'a[href], button, input, select, textarea, summary, [tabindex]';

function follow(part) {
  let source, asked = 0;

  async function update() {
    const mine = ++asked;
    const answer = await fetch(location.href, { headers: { accept: 'text/html' } }).catch(() => null);
    if (!answer?.ok || answer.redirected || mine !== asked) return; // such as after signing out
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.getElementById(part.id);
    if (fresh && mine === asked && fresh.textContent !== part.textContent) take(part, fresh);
  }

  /** A page that nobody sees follows nothing: a browser has few connections to one server. */
  function begin() {
    source?.close();
    source = null;
    if (document.hidden) return;
    source = new EventSource(part.dataset.stream);
    source.addEventListener('changed', update);
  }

  document.addEventListener('visibilitychange', begin);
  addEventListener('pagehide', () => source?.close());
  addEventListener('pageshow', ({ persisted }) => persisted && begin());
  begin();
}

/** What is unfolded stays so, what somebody types into stays as it is, and so does the place of the keyboard. */
function take(part, fresh) {
  const at = part.contains(document.activeElement) ? document.activeElement : null;
  if (at?.matches('input:not([type=checkbox], [type=radio]), select, textarea')) return;
  const place = [...part.querySelectorAll(focusable)].indexOf(at);
  const unfolded = [...part.querySelectorAll('details')].map(({ open }) => open);
  part.replaceChildren(...fresh.childNodes);
  part.querySelectorAll('details').forEach((one, i) => (one.open = unfolded[i] ?? one.open));
  if (place >= 0) part.querySelectorAll(focusable)[place]?.focus();
}

for (const part of document.querySelectorAll('[data-stream]')) follow(part);
