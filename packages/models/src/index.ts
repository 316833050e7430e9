export { zodResponseFormat } from 'openai/helpers/zod';
export { abilitiesOf } from './abilities.ts';
export { type Embedded, embedTexts } from './embed-texts.ts';
export { type Ask, openAi, type Provider } from './openai.ts';
export { type PodSettings, podsEnvironment, podsOf } from './pods.ts';
export { chatPrice, embedPrice, imagePrice, speechPrice, transcribePrice } from './prices.ts';
export { modelsEnvironment, type Providers, providersOf } from './providers.ts';
export { type Service, type Services, servicesEnvironment, servicesOf } from './services.ts';
