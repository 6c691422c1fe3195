export { plain } from '@keyturn/contracts';
