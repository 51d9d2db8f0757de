import { Client, type ClientConfig } from 'pg';

/** Connects, hands the client over, and ends it whatever happens. Gives what the function gives. */
export async function withClient<T>(options: ClientConfig, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(options);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
