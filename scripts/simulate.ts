// usage: npm run simulate -- <story>   Tells a story to the running keyturn and shows what it makes of it. Without a story: lists them.
import pc from 'picocolors';
import { doorsOf } from './simulate/doors.ts';
import { followTopics } from './simulate/follow-topics.ts';
import { findInstance } from './simulate/instance.ts';
import { newCustomer } from './simulate/new-customer.ts';
import { numberChange } from './simulate/number-change.ts';
import { reRegistration } from './simulate/re-registration.ts';
import { storm } from './simulate/storm.ts';
import type { Story } from './simulate/story.ts';
import { isStoryBroke } from './simulate/story-broke.ts';
import { createTeller } from './simulate/teller.ts';

const stories: Readonly<Record<string, Story>> = {
  'new-customer': newCustomer,
  're-registration': reRegistration,
  'number-change': numberChange,
  storm,
};

function list(): void {
  console.log(
    'usage: npm run simulate -- <story>\n\nTells a story to the keyturn that npm start runs, as WhatsApp would, and shows what it makes of it.\n',
  );
  for (const [name, { about }] of Object.entries(stories)) console.log(`  ${pc.cyan(name.padEnd(16))} ${about}`);
  console.log('\nBegin with: npm run simulate -- re-registration');
}

async function tell(name: string, story: Story): Promise<void> {
  const startedAt = performance.now();
  const instance = findInstance(process.env);
  const teller = createTeller(console.log);
  const followed = await followTopics(instance);
  try {
    teller.title(name, story.about);
    await story.tell({ doors: doorsOf(instance), followed, teller });
    console.log(pc.dim(`Told in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`));
  } finally {
    await followed.stop();
  }
}

const [name] = process.argv.slice(2);
const story = name !== undefined && Object.hasOwn(stories, name) ? stories[name] : undefined;
if (name !== undefined && story !== undefined) {
  try {
    await tell(name, story);
  } catch (error) {
    console.error(isStoryBroke(error) ? `\n${pc.red('✗')} ${error.message}` : error);
    process.exitCode = 1;
  }
} else {
  list();
  if (name !== undefined && !['--help', '-h', 'help'].includes(name)) {
    console.error(`\n${pc.red('✗')} There is no story ${JSON.stringify(name)}.`);
    process.exitCode = 1;
  }
}
