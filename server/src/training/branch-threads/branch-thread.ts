import { parentPort, workerData } from 'node:worker_threads';
import { createAdam } from '../../ada-df/adam.js';
import { branchNetwork } from '../../ada-df/network.js';
import { branchOfName } from '../../ada-df/parameters.js';
import { createPeer } from '../../ada-df/peer.js';
import type { Learner } from '../../ada-df/train-step.js';
import { startEngine } from '../../engine/engine.js';
import { onEveryKernel } from '../../engine/kernel-pulse.js';
import { CalledOff, Rendezvous } from '../../engine/threads/rendezvous.js';
import { messageOf } from '../../errors.js';
import { Pulse } from '../pulse.js';
import { localStep } from '../trainer.js';
import { buffersOf, readState, writeState } from './learner-state.js';
import type { Answer, BranchThreadData, FromThread, Request } from './messages.js';

/** A thread that trains one branch, on an engine of its own, beside the thread that trains the other. */
const { branch, config, engine: options, meeting, pulse } = workerData as BranchThreadData;
const port = parentPort!;
const post = (message: FromThread, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);

const engine = await startEngine({ ...options, log: (line) => post({ log: `${branch} branch: ${line}` }) });
onEveryKernel(new Pulse(pulse).branch);
const rendezvous = new Rendezvous(meeting, branch === 'auxiliary' ? 0 : 1);
const network = branchNetwork(config, branch);
const peer = createPeer(branch, (own) => rendezvous.exchange(own));
const learner: Learner = { network, adam: createAdam(network), kernels: engine.kernels, config, peer };

/** Both threads hold the shared layers, with the same bits; the auxiliary branch's thread reports them. */
const isReported = (name: string): boolean =>
  branchOfName(name) === branch || (branch === 'auxiliary' && branchOfName(name) === null);

async function answer(request: Exclude<Request, { ask: 'close' }>): Promise<Answer> {
  if (request.ask === 'step') return { losses: await localStep(learner, request.step) };
  if (request.ask === 'state') return { state: await readState(learner, isReported) };
  writeState(learner, request.state);
  return { ready: true };
}

async function handle(request: Request): Promise<void> {
  if (request.ask === 'close') {
    await engine.dispose();
    port.close();
    return;
  }
  try {
    const answered = await answer(request);
    post({ answer: answered }, 'state' in answered ? buffersOf(answered.state) : []);
  } catch (error) {
    post(error instanceof CalledOff ? { left: true } : { failed: messageOf(error) });
    Rendezvous.callOff(meeting);
  }
}

port.on('message', (request: Request) => void handle(request));
