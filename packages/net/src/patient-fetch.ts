import { Agent, FormData as OwnFormData, type RequestInit as OwnInit, fetch as ownFetch } from 'undici';

/** Between question and answer, and between two chunks, as long as it takes: whoever asks brings a signal. Node's own gives up after 300 s. */
const patient = new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 10_000 } });

/** `fetch`, to what the operator configured: models and services that think for half an hour before they answer. */
export const patientFetch: typeof fetch = async (input, init) => {
  const address = input instanceof Request ? input.url : input;
  const body = init?.body instanceof FormData ? own(init.body) : init?.body;
  const answer = await ownFetch(address, { ...init, body, dispatcher: patient } as OwnInit);
  return answer as unknown as Response;
};

/** undici takes no FormData but its own. The files in it stay where they are. */
function own(form: FormData): OwnFormData {
  const same = new OwnFormData();
  for (const [name, value] of form) same.append(name, value);
  return same;
}
