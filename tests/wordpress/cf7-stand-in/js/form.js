// Submits a form without leaving the page and shows the answer.
for (const form of document.querySelectorAll('.wpcf7 > form')) {
  const wrapper = form.parentElement;

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    setStatus('submitting');
    const url = `${wpcf7.api.root}${wpcf7.api.namespace}/contact-forms/${wrapper.dataset.wpcf7Id}/feedback`;
    const response = await fetch(url, { method: 'POST', body: new FormData(form, event.submitter) });
    const answer = await response.json();

    form.querySelectorAll('.wpcf7-not-valid-tip').forEach((tip) => tip.remove());
    for (const { field, message } of answer.invalid_fields ?? []) {
      const tip = Object.assign(document.createElement('span'), { className: 'wpcf7-not-valid-tip', textContent: message });
      form.querySelector(`[data-name="${field}"]`)?.append(tip);
    }
    form.querySelector('.wpcf7-response-output').textContent = answer.message;
    wrapper.querySelector('[role="status"]').textContent = answer.message;
    setStatus({ mail_sent: 'sent', mail_failed: 'failed', validation_failed: 'invalid' }[answer.status] ?? answer.status);
    if (answer.status === 'mail_sent') form.reset();

    const detail = { contactFormId: answer.contact_form_id, status: answer.status, apiResponse: answer };
    for (const name of ['wpcf7submit', `wpcf7${answer.status.replaceAll('_', '')}`]) {
      wrapper.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
    }
  });

  function setStatus(status) {
    form.classList.remove(form.dataset.status);
    form.classList.add(status);
    form.dataset.status = status;
  }
}
