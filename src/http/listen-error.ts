const advice: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRINUSE: (host, port) =>
    `port ${port} of ${host} is already in use; stop the program that uses it, or set PORT to a free port`,
  EACCES: (host, port) => `this account may not use port ${port} of ${host}; set PORT to a port above 1023`,
  EADDRNOTAVAIL: (host) => `this machine has no address ${host}; set HOST to one of its own addresses`,
  ENOTFOUND: (host) => `the host name ${host} is not known; set HOST to a name or address of this machine`,
  EAI_AGAIN: (host) => `the host name ${host} cannot be looked up now; set HOST to an address of this machine`,
};

/** Turns Node's error of a failed listen into one sentence that says what is wrong and what to do. */
export function explainListenError(error: unknown, host: string, port: number): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  const explained = advice[code]?.(host, port);
  const message = explained ?? `the server cannot listen on port ${port} of ${host} (${code}); check HOST and PORT`;
  return new Error(message, { cause: error });
}
