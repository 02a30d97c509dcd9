// An at-least-once queue as a service: a message that was delivered is hidden for a while.

import { atLeastOnceQueue, deliveryOperations, type DeliveryInput } from '../../../src/models.ts';
import { simulated, type SimulatedModel } from '../simulated.ts';
import { service, type Kept } from './service.ts';

type Output = string | boolean | number | null | undefined;

interface Message {
  readonly text: string;
  /** Until when it is hidden, by the clock of the machine; 0 before the first delivery. */
  hiddenUntilMs: number;
}

interface Box {
  messages: Message[];
}

const HIDDEN_MS = 80;

const keptBox: Kept<Box, DeliveryInput, Output> = {
  initial: () => ({ messages: [] }),
  apply(box, input) {
    switch (input.name) {
      case 'send':
        box.messages.push({ text: input.message, hiddenUntilMs: 0 });
        return undefined;
      case 'receive': {
        const message = box.messages.find(({ hiddenUntilMs }) => hiddenUntilMs <= Date.now());
        if (message !== undefined) message.hiddenUntilMs = Date.now() + HIDDEN_MS;
        return message?.text ?? null;
      }
      case 'acknowledge': {
        const at = box.messages.findIndex(
          ({ text, hiddenUntilMs }) => text === input.message && hiddenUntilMs > 0,
        );
        if (at !== -1) box.messages.splice(at, 1);
        return at !== -1;
      }
      default:
        return box.messages.length;
    }
  },
};

/** Takes a message out when it hands it out, as a consumer with `autoAck` has it. */
const atMostOnce: typeof keptBox = {
  ...keptBox,
  apply(box, input) {
    const text = keptBox.apply(box, input);
    if (input.name === 'receive' && text !== null) {
      box.messages.splice(
        box.messages.findIndex((message) => message.text === text && message.hiddenUntilMs > Date.now()),
        1,
      );
    }
    return text;
  },
};

/** Takes an acknowledgement for one of the message that was delivered first, whatever it names. */
const acknowledgesTheFirst: typeof keptBox = {
  ...keptBox,
  apply(box, input) {
    if (input.name !== 'acknowledge') return keptBox.apply(box, input);
    const first = box.messages.find(({ hiddenUntilMs }) => hiddenUntilMs > 0);
    return first !== undefined && keptBox.apply(box, { name: 'acknowledge', message: first.text });
  },
};

export const deliveryModel: SimulatedModel = simulated({
  model: atLeastOnceQueue(),
  operations: () => deliveryOperations(),
  closing: [{ name: 'backlog' }, { name: 'receive' }, { name: 'receive' }, { name: 'receive' }],
  correct: service(keptBox),
  faulty: [
    {
      what: 'forgets a message when it hands it out',
      hosts: service(atMostOnce),
      names: [/was told (that there is no "\w" to acknowledge|a backlog of \d)/, /received "\w"/],
    },
    {
      what: 'acknowledges the message that was delivered first',
      hosts: service(acknowledgesTheFirst),
      names: [/no order explains \w+ (acknowledged "\w"|was told that there is no "\w" to acknowledge)/],
    },
  ],
});
