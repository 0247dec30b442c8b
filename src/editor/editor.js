// Turns a textarea of the admin pages into a code editor. The textarea stays what the form sends, and is all there is without script.
//
//   data-editor     what it holds: html, text (both in Liquid) or json
//   data-errors     JSON: [{ line, column, message }], what the server found, counted from 1
//   data-variables  JSON: names that may be typed, such as "contact.first_name"
//
// Other scripts of a page tell it by events on the textarea: "errors" after data-errors changed, "replace" after the value did, and "goto"
// with a place as its detail.
//
// The editor lives in a shadow root: there its styles are constructed, and the pages' content security policy needs no exception.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { html } from '@codemirror/lang-html';
import { liquid } from '@codemirror/lang-liquid';
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';

// Colours are the page's own, so that they follow its scheme.
const theme = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'var(--paper)', fontSize: '.8125rem', border: '1px solid var(--edge)',
    borderRadius: '.375rem', overflow: 'hidden' },
  '&.cm-focused': { outline: '3px solid var(--accent)', outlineOffset: '2px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55', minHeight: 'var(--editor-height, 8rem)', maxHeight: '70vh',
    overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'var(--ground)', color: 'var(--soft)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--tint) 45%, transparent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 30%, transparent)',
  },
  '.cm-tooltip, .cm-panels': { backgroundColor: 'var(--paper)', color: 'var(--ink)', borderColor: 'var(--edge)' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--tint)', color: 'var(--ink)' },
  '.cm-panel input, .cm-panel button': { color: 'inherit', backgroundColor: 'var(--ground)', backgroundImage: 'none',
    border: '1px solid var(--edge)' },
});

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.controlKeyword, tags.operatorKeyword], color: 'var(--code-word)', fontWeight: '600' },
  { tag: [tags.processingInstruction, tags.brace, tags.special(tags.brace)], color: 'var(--code-word)' },
  { tag: [tags.variableName, tags.propertyName], color: 'var(--code-name)' },
  { tag: [tags.tagName, tags.angleBracket], color: 'var(--code-tag)' },
  { tag: [tags.attributeName, tags.function(tags.variableName)], color: 'var(--code-name)' },
  { tag: [tags.string, tags.attributeValue, tags.number, tags.bool], color: 'var(--code-value)' },
  { tag: [tags.comment, tags.meta], color: 'var(--soft)', fontStyle: 'italic' },
]);

const listed = (textarea, name) => JSON.parse(textarea.dataset[name] ?? '[]');

function language(textarea) {
  if (textarea.dataset.editor === 'json') return [];
  const variables = completeFromPaths(listed(textarea, 'variables'));
  const support = liquid(textarea.dataset.editor === 'html' ? { base: html() } : {});
  return [support, support.language.data.of({ autocomplete: variables })];
}

/** Offers whole paths, such as "contact.first_name", wherever Liquid stands. */
function completeFromPaths(paths) {
  const options = paths.map((label) => ({ label, type: 'variable' }));
  return (context) => {
    const typed = context.matchBefore(/(?:\{\{|\{%)[^{}]*?([\w.]*)$/);
    if (!typed) return null;
    return { from: context.pos - typed.text.match(/[\w.]*$/)[0].length, options, validFor: /^[\w.]*$/ };
  };
}

/** A place, counted from 1 and perhaps no longer there, as the editor counts. */
function offset(state, { line, column }) {
  const at = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines));
  return Math.min(at.from + Math.max(column, 1) - 1, at.to);
}

/** What the server found, at the place where it found it. */
function diagnostics(state, errors) {
  return errors.map(({ line, column, message }) => {
    const from = offset(state, { line, column });
    return { from, to: Math.min(from + 1, state.doc.length), severity: 'error', message };
  });
}

function enhance(textarea) {
  const host = document.createElement('div');
  host.className = 'editor';
  textarea.after(host);
  const root = host.attachShadow({ mode: 'open' });
  const label = textarea.labels?.[0];
  // Whoever types already goes on where they are.
  const typedAt = document.activeElement === textarea ? textarea.selectionEnd : undefined;
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: textarea.value,
      selection: { anchor: typedAt ?? 0 },
      extensions: [
        lineNumbers(),
        highlightSpecialChars(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        autocompletion(),
        highlightActiveLine(),
        highlightSelectionMatches(),
        lintGutter(),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ tabindex: '0', 'aria-label': label?.textContent.trim() ?? textarea.name,
          spellcheck: textarea.dataset.editor === 'text' ? 'true' : 'false' }),
        // Tab is left to the browser: by keyboard one gets in and out like with any other field.
        keymap.of([{ key: 'Mod-s', run: () => (textarea.form?.requestSubmit(), true) }, ...closeBracketsKeymap, ...defaultKeymap,
          ...searchKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap]),
        language(textarea),
        theme,
        syntaxHighlighting(colours),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          const typed = update.state.doc.toString();
          if (textarea.value === typed) return;
          textarea.value = typed;
          textarea.dispatchEvent(new Event('input', { bubbles: true }));
        }),
      ],
    }),
  });
  const mark = () => view.dispatch(setDiagnostics(view.state, diagnostics(view.state, listed(textarea, 'errors'))));
  mark();
  textarea.addEventListener('errors', mark);
  textarea.addEventListener('replace', () => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: textarea.value } }));
  textarea.addEventListener('goto', ({ detail }) => {
    view.dispatch({ selection: { anchor: offset(view.state, detail) }, scrollIntoView: true });
    view.focus();
  });
  textarea.hidden = true;
  if (typedAt !== undefined) view.focus();
  label?.addEventListener('click', () => view.focus());
}

for (const textarea of document.querySelectorAll('textarea[data-editor]')) enhance(textarea);
