/** What a call is rejected with: the name of the error and what it says. The platform packs some errors into JSON. */
export async function rejection(promise) {
  const error = await promise.then(
    () => {
      throw new Error('It was not rejected.');
    },
    (reason) => reason,
  );
  return { name: error.name, ...(error.message.startsWith('{') ? JSON.parse(error.message) : { message: error.message.split('\n')[0] }) };
}
