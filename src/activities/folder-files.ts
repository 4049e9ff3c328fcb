/**
 * folderFiles: a call of the `fs` module in the folder of a run.
 */
import { putJson } from '../adapters/artifacts/artifact-store.js';
import { changesFiles, onFiles, type FileAnswer, type FileOperation } from '../adapters/workspace/folder-files.js';
import { maskSecrets } from '../domain/redaction.js';
import { withHeartbeat } from './heartbeat.js';
import { answerOf, type FolderAnswer, type FolderDependencies } from './run-folder.js';
import { heldTexts, textOf, type HeldText, type PassedText } from './texts.js';

export interface FilesStepInput {
  readonly folder: string;
  /** Done once under this name. */
  readonly step: string;
  readonly operation: FileOperation;
  readonly path: string;
  readonly workdir?: string;
  readonly content?: PassedText;
  readonly to?: string;
}

type Answer = Exclude<FileAnswer, { readonly text: string }> | { readonly text: HeldText };

export function createFolderFiles({ folders, artifacts }: FolderDependencies) {
  /** @throws GitOpsError PathNotFound, InvalidInput, NotAllowed, FolderGone */
  return function folderFiles({ folder: name, step, operation, content, ...request }: FilesStepInput) {
    return withHeartbeat<FolderAnswer<Answer>>(async () => {
      const folder = folders.get(name);
      const text = content === undefined ? {} : { content: await textOf(artifacts, content) };
      const act = (): Promise<FileAnswer> => onFiles(folder, operation, { ...request, ...text });
      if (changesFiles.has(operation))
        return answerOf(folder, artifacts, (await folder.once(step, act)) as Exclude<FileAnswer, { text: string }>);
      const answer = await act();
      if (typeof answer !== 'object' || !('text' in answer)) return { value: answer };
      const shown = { text: maskSecrets(answer.text) };
      return { value: await heldTexts(shown, (value) => putJson(artifacts, value)) };
    });
  };
}
