/** What starts the browser; `env` holds what to add to the environment, and nothing else. */
export function browser(): Promise<{
  executablePath: string;
  args: string[];
  env: Record<string, string>;
}>;
