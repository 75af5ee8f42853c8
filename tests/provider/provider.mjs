// An OpenID provider by a library that nobody here wrote, as a region would set one up.
import { readFileSync } from 'node:fs';
import Provider from 'oidc-provider';

const told = JSON.parse(readFileSync(process.argv[2]));
const provider = new Provider(told.issuer, {
  jwks: { keys: told.keys },
  clients: told.clients,
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_, resource) => ({
        scope: '',
        audience: told.audience,
        accessTokenTTL: told.lives,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: resource.split(':').at(-1) } },
      }),
    },
  },
  extraTokenClaims: (_, token) => told.claims[token.clientId],
});
provider.listen(told.port, '127.0.0.1', () => console.log('ready'));
