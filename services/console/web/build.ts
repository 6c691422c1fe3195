// usage: npm run build --workspace=@keyturn/console   Builds the page where its sources changed.
import { buildPage } from './build-page.ts';

await buildPage();
