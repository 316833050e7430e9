import { afterAll } from 'vitest';
import { type Client, clientOf } from './client.ts';
import { type Product, type ProductOptions, startProduct } from './product.ts';
import { wireWorker } from './wire-worker.ts';

interface OfFile {
  product: Product;
  call: Client;
  wire: ReturnType<typeof wireWorker>;
}

/** A product that all tests of a file share, with a caller and a worker on the wire. It goes with the last of them. */
export async function productOfFile(options: ProductOptions = {}): Promise<OfFile> {
  const product = await startProduct(options);
  afterAll(() => product[Symbol.asyncDispose]());
  return { product, call: clientOf(product.url), wire: wireWorker(product.url, product.reportSecret) };
}
