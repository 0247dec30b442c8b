/** "Email Sender" as it stands in a sentence: "an email sender". Abbreviations keep their capitals. */
function withArticle(noun) {
  const words = noun.split(' ').map((word) => (word === word.toUpperCase() ? word : word.toLowerCase()));
  return `${/^[aeiou]|^SMS/.test(words[0]) ? 'an' : 'a'} ${words.join(' ')}`;
}

/** A trigger nobody sees: it fills a drop-down. */
export const choices = ({ key, noun, perform, sample, outputFields }) => ({
  key,
  noun,
  display: { label: `New ${noun}`, description: `Triggers when ${withArticle(noun)} is added. Only fills drop-downs.`, hidden: true },
  operation: { type: 'polling', perform, sample, outputFields },
});

export const nameFields = [
  { key: 'id', label: 'ID' },
  { key: 'name', label: 'Name' },
];
