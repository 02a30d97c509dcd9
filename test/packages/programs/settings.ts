// What the programs read from their environment.

/** A variable that has to be there. */
export function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`Set the environment variable ${name}.`);
  return value;
}

/** The port to listen on. */
export function port(): number {
  return Number(required('PORT'));
}

/** Where the warehouse is. */
export function warehouseUrl(): string {
  return required('WAREHOUSE_URL');
}
