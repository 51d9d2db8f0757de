/** What JSON answers call themselves, to the byte. */
export const jsonType = 'application/json;charset=utf-8';
/** What texts call themselves. */
export const textType = 'text/plain';
