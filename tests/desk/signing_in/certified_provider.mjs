// The certified OpenID Connect provider `oidc-provider`, as it comes: its own sign-in and consent
// pages, its own defaults. One line of JSON on standard input says what differs; one line on
// standard output says where it listens.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import Provider from 'oidc-provider';

const lines = createInterface({ input: process.stdin });
const wanted = JSON.parse((await lines[Symbol.asyncIterator]().next()).value);
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));

const server = createServer();
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const issuer = `http://127.0.0.1:${server.address().port}`;
const provider = new Provider(issuer, {
  claims: { openid: ['sub'], email: ['email', 'email_verified'], groups: ['groups'] },
  scopes: ['openid', 'email', 'groups'],
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, ...wanted.people[id] }),
  }),
  cookies: { keys: ['a key of this test alone'] },
  clients: [
    {
      // Native: on this machine any port may follow the address.
      application_type: 'native',
      redirect_uris: ['http://127.0.0.1/desk/single-sign-on/return'],
      ...wanted.client,
    },
  ],
  ...wanted.options,
});
server.on('request', provider.callback());
process.stdout.write(`${JSON.stringify({ issuer })}\n`);
