/** A trigger nobody sees: it fills a drop-down. */
export const choices = ({ key, noun, perform, sample, outputFields }) => ({
  key,
  noun,
  display: { label: `New ${noun}`, description: `Triggers when a ${noun.toLowerCase()} is added. Only fills drop-downs.`, hidden: true },
  operation: { type: 'polling', perform, sample, outputFields },
});

export const nameFields = [
  { key: 'id', label: 'ID' },
  { key: 'name', label: 'Name' },
];
