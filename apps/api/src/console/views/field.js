import { h, mark, write } from '../dom.js';

/**
 * A control with its label, a hint and the place where the API's word about it is shown.
 * @template {HTMLElement} T
 * @param {{ name: string, label: string, control: T, hint?: Element }} field
 */
export function field({ name, label, control, hint }) {
  const error = h('p', { class: 'field-error', id: `${name}-error` });
  control.id = name;
  if (hint) hint.id = `${name}-hint`;
  mark(control, 'aria-describedby', hint ? `${name}-error ${name}-hint` : `${name}-error`);
  const element = h('div', { class: 'field' }, h('label', { for: name }, label), control, error, hint);
  return {
    element,
    control,
    /** @param {string} [detail] */
    refuse(detail = '') {
      write(error, detail);
      mark(control, 'aria-invalid', detail ? 'true' : undefined);
    },
  };
}

/**
 * One of a few, as buttons side by side.
 * @param {{ name: string, label: string, options: { value: string, shown: (Node | string)[] }[], chosen: string, onchange?: () => void }} choice
 */
export function choice({ name, label, options, chosen, onchange }) {
  const element = h(
    'fieldset',
    { class: `choice ${name}` },
    h('legend', {}, label),
    ...options.map(({ value, shown }) =>
      h(
        'label',
        {},
        h('input', { type: 'radio', name, value, checked: value === chosen, onchange }),
        h('span', {}, ...shown),
      ),
    ),
  );
  const inputs = () => [...element.querySelectorAll('input')];
  return {
    element,
    get: () => inputs().find(({ checked }) => checked)?.value ?? chosen,
    /** @param {string} value */
    set(value) {
      for (const input of inputs()) input.checked = input.value === value;
    },
    focus: () => (inputs().find(({ checked }) => checked) ?? inputs()[0])?.focus(),
  };
}
