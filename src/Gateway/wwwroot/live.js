// Keeps the preview in step with what is typed: after a pause it sends the form as its button would, and takes the parts that data-live
// names from the answer. Without it the button does the same. It also asks before typed words are left behind.
const pause = 600;
const longestPause = 30_000;

function begin(form) {
  let timer, asked = 0, typed = false;

  async function update(failures = 0) {
    clearTimeout(timer);
    const mine = ++asked;
    const body = new URLSearchParams(new FormData(form));
    body.set('do', 'preview');
    const answer = await fetch(form.action, { method: 'POST', body }).catch(() => null);
    if (mine !== asked) return;
    if (!answer || answer.status === 429 || answer.status >= 500) { // It may pass: the same is asked again, later each time.
      timer = setTimeout(update, Math.min(pause * 2 ** failures, longestPause), failures + 1);
      return;
    }
    if (!answer.headers.get('content-type')?.startsWith('text/html')) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const shown = page.getElementById(form.id);
    if (!shown || mine !== asked) return; // such as the page to sign in
    // While the template cannot be read, nobody knows what it asks for: that stays.
    const unread = page.querySelector('#preview [data-error]');
    for (const id of form.dataset.live.split(' ')) if (!unread || !['inputs', 'asked'].includes(id)) take(page, id);
    if (form.querySelector('#values')) takeValues(page);
    mark(form);
  }

  function changed() {
    typed = true;
    clearTimeout(timer);
    timer = setTimeout(update, pause);
  }

  form.addEventListener('input', ({ target }) => isPreviewed(target) && changed());
  // Before this script came, or brought back by the browser.
  if ([...form.elements].some((field) => isPreviewed(field) && isChanged(field))) changed();
  // A variable of the menu goes where somebody typed last.
  let last;
  form.addEventListener('focusin', ({ target }) => {
    if ('variables' in target.dataset) last = target;
  });
  form.addEventListener('click', (event) => {
    const menu = form.elements[event.target.closest?.('[data-insert]')?.dataset.insert];
    if (!menu || !last) return;
    event.preventDefault();
    last.setRangeText(menu.value, last.selectionStart, last.selectionEnd, 'end');
    last.focus();
    last.dispatchEvent(new Event('input', { bubbles: true }));
  });
  form.addEventListener('change', ({ target }) => target.name === 'mode' && update());
  form.addEventListener('submit', () => (typed = false));
  form.addEventListener('click', (event) => {
    const place = event.target.closest?.('a[href^="#"]')?.parentElement;
    const field = place?.dataset.part && form.elements[place.dataset.part];
    if (!field) return;
    event.preventDefault();
    field.dispatchEvent(new CustomEvent('goto', { detail: placeOf(place) }));
    if (!field.hidden) field.focus();
  });
  addEventListener('beforeunload', (event) => typed && event.preventDefault());
}

/** How the preview is shown changes nothing of it. */
const isPreviewed = ({ name }) => name !== 'view' && name !== 'mode';

/** Whether a field is no longer as the page came. */
function isChanged(field) {
  if (field.options) return field.selectedIndex !== Math.max([...field.options].findIndex((one) => one.defaultSelected), 0);
  if (field.type === 'checkbox' || field.type === 'radio') return field.checked !== field.defaultChecked;
  const [is, was] = [field.value, field.defaultValue];
  // A browser writes colours in lower case.
  return was !== undefined && (field.type === 'color' ? is.toLowerCase() !== was.toLowerCase() : is !== was);
}

/** Replaces a part of the page by the one of the answer; what somebody is typing into stays. */
function take(page, id) {
  const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
  if (!old || !fresh || old.innerHTML === fresh.innerHTML) return;
  const at = old.contains(document.activeElement) ? document.activeElement : null;
  if (at?.name && names(old) === names(fresh)) return;
  const chosen = [...old.querySelectorAll('input[type=radio]:checked')].map(({ name, value }) => ({ name, value }));
  old.replaceChildren(...fresh.childNodes);
  for (const radio of old.querySelectorAll('input[type=radio]')) {
    radio.checked = chosen.some(({ name, value }) => name === radio.name && value === radio.value);
  }
  if (at?.id) document.getElementById(at.id)?.focus();
}

const names = (part) => [...part.querySelectorAll('[name]')].map(({ name }) => name).join();

/**
 * Fields or JSON: whichever is shown, the JSON holds all values, those too that the template asks for no longer. Only JSON being typed
 * stays as it is.
 */
function takeValues(page) {
  const [old, fresh] = [document.getElementById('values'), page.getElementById('values')];
  const [was, is] = [old, fresh].map((part) => part.querySelector('[name=typed-as]').value);
  old.className = fresh.className;
  old.querySelector('[name=typed-as]').value = is;
  const [json, given] = [document.getElementById('json'), page.getElementById('json').value];
  if ((was === 'expert' && is === 'expert') || json.value === given) return;
  json.value = given;
  json.dispatchEvent(new Event('replace'));
}

const placeOf = ({ dataset: { line, column } }) => ({ line: Number(line), column: Number(column) });

/** Tells each editor what the answer found in its part. */
function mark(form) {
  const found = [...form.querySelectorAll('#preview [data-error], #json-error [data-error]')];
  for (const field of form.querySelectorAll('textarea[data-editor]')) {
    const mine = found.filter(({ dataset }) => dataset.part === field.name);
    field.dataset.errors = JSON.stringify(mine.map((one) => ({ ...placeOf(one), message: one.dataset.error })));
    field.dispatchEvent(new Event('errors'));
  }
}

for (const form of document.querySelectorAll('form[data-live]')) begin(form);
