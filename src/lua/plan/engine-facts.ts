/**
 * What the planner cannot know itself and is told by whoever calls it: hashes, and what the engine would make of a
 * declaration. All of it works without a server.
 */
import type { Data } from '../host.js';

export interface KnownRepository {
  readonly id: string;
  readonly url: string;
  readonly branch: string;
}

/** What `gitops.workflow` would declare. */
export interface DeclaredApplication {
  readonly id: string;
  /** False when the id hangs on something only the engine knows, such as a repository registered earlier. */
  readonly certain: boolean;
  readonly name: string;
  readonly repositoryId: string;
  readonly url: string;
  readonly branch: string;
  readonly autoSync: boolean;
  readonly diffPreview: boolean;
  readonly rollbackOnFailure: boolean;
}

export type Table = Readonly<Record<string, Data>>;
export type FindRepository = (id: string) => KnownRepository | undefined;

export interface EngineFacts {
  /** Lower-case hex. */
  sha256(text: string): string;
  /** From what a script calls an application to its id. */
  idOf(text: string): string;
  /** @throws GitOpsError InvalidConfig, InvalidInput */
  declare(config: Table, registered: FindRepository): DeclaredApplication;
  /** @throws GitOpsError InvalidConfig */
  register(config: Table): KnownRepository;
  /** Whether a promotion could begin like this. @throws GitOpsError InvalidConfig, InvalidInput, LiteralSecret */
  checkPromotion(config: Table): void;
}

/** Asks the engine for real. @returns undefined when it does not know what is asked about */
export type AskEngine = (call: string, args: readonly Data[]) => Promise<Data | undefined>;
