// The editor's tabs, and the dialogs that write form-tags.
const tabs = document.querySelectorAll('#contact-form-editor [role="tab"]');
for (const tab of tabs) {
  tab.addEventListener('click', () => {
    for (const other of tabs) {
      other.setAttribute('aria-selected', String(other === tab));
      document.getElementById(other.getAttribute('aria-controls')).hidden = other !== tab;
    }
    document.querySelector('[name="active-tab"]').value = tab.getAttribute('aria-controls');
  });
}

for (const dialog of document.querySelectorAll('.tag-generator-dialog')) {
  const form = dialog.querySelector('form');
  const part = (name) => [...form.querySelectorAll(`[data-tag-part="${name}"]`)];
  const text = (name) => part(name)[0]?.value.trim() ?? '';

  document.querySelector(`[data-target="${dialog.id}"]`).addEventListener('click', () => {
    if (part('name')[0] && !text('name')) part('name')[0].value = `${text('basetype')}-${100 + Math.floor(Math.random() * 900)}`;
    write();
    dialog.showModal();
  });
  dialog.querySelector('[data-taggen="close-dialog"]').addEventListener('click', () => dialog.close());
  form.addEventListener('input', write);
  form.querySelector('[data-taggen="insert-tag"]').addEventListener('click', () => {
    const area = document.getElementById('wpcf7-form');
    area.setRangeText(text('tag'), area.selectionStart, area.selectionEnd, 'end');
    dialog.close();
  });

  function write() {
    const suffix = part('type-suffix').some((box) => box.checked) ? '*' : '';
    const type = (text('basetype') || form.dataset.id) + suffix;
    const options = part('option').flatMap((input) => {
      if (input.type === 'checkbox') return input.checked ? [input.dataset.tagOption] : [];
      return input.value.trim() ? [input.dataset.tagOption + input.value.trim()] : [];
    });
    const values = part('value').flatMap((input) => input.value.split('\n').filter(Boolean)).map((value) => `"${value}"`);
    const content = text('content');
    const tag = `[${[type, text('name'), ...options, ...values].filter(Boolean).join(' ')}]`;
    part('tag')[0].value = content ? `${tag} ${content} [/${type}]` : tag;
    part('mail-tag').forEach((tip) => (tip.textContent = `[${text('name')}]`));
  }
}
