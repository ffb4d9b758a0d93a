import * as client from 'openid-client';
import { EnvironmentError, messageOf, PlatformError } from '../errors.js';
import { type Role, roles } from '../graphql/role.js';

export interface ProviderSettings {
  issuer: string;
  clientId: string;
  /** Null: a public client. */
  clientSecret: string | null;
  /** The claim that holds roles: a text or a list of texts. */
  roleClaim: string;
  /** Of whoever has no such claim; null: they are not let in. */
  defaultRole: Role | null;
  /** Where people reach the platform, without a slash at the end; null: as their request says. */
  publicUrl: string | null;
}

/** What has to be the same when somebody comes back. */
export interface Begun {
  state: string;
  verifier: string;
  nonce: string;
}

/** Signs people in by OpenID Connect: the authorisation code flow with PKCE. */
export class IdentityProvider {
  private constructor(
    private readonly configuration: client.Configuration,
    private readonly settings: ProviderSettings,
  ) {}

  /** @throws EnvironmentError where the provider does not answer, or is no provider. */
  static async discover(settings: ProviderSettings): Promise<IdentityProvider> {
    const issuer = new URL(settings.issuer);
    // Without TLS only where nobody is between: a provider on this machine.
    const near = issuer.protocol === 'http:' && /^(localhost|127\.|\[::1\])/.test(issuer.hostname);
    try {
      const configuration = await client.discovery(
        issuer,
        settings.clientId,
        settings.clientSecret ?? undefined,
        undefined,
        {
          ...(near && { execute: [client.allowInsecureRequests] }),
        },
      );
      return new IdentityProvider(configuration, settings);
    } catch (error) {
      throw new EnvironmentError(
        `OIDC_ISSUER: expected an OpenID provider at ${settings.issuer}, found none (${messageOf(error)}).`,
        {
          variable: 'OIDC_ISSUER',
        },
      );
    }
  }

  get publicUrl(): string | null {
    return this.settings.publicUrl;
  }

  /** Where to send somebody. */
  async begin(returnTo: string): Promise<Begun & { url: URL }> {
    const verifier = client.randomPKCECodeVerifier();
    const [state, nonce] = [client.randomState(), client.randomNonce()];
    const url = client.buildAuthorizationUrl(this.configuration, {
      redirect_uri: returnTo,
      scope: 'openid profile email',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    });
    return { url, state, verifier, nonce };
  }

  /**
   * Who came back, to `url` with the provider's answer in it.
   * @throws PlatformError SIGN_IN_FAILED with what to tell them.
   */
  async finish(url: URL, { state, verifier, nonce }: Begun): Promise<{ name: string; role: Role }> {
    const claims = await this.claims(url, { state, verifier, nonce });
    const name = [claims['email'], claims['preferred_username'], claims['name'], claims.sub].find(
      (one) => typeof one === 'string' && one,
    );
    const role = this.roleFrom(claims[this.settings.roleClaim]) ?? this.settings.defaultRole;
    if (role === null) {
      throw new PlatformError(
        'SIGN_IN_FAILED',
        `${name}: expected one of ${roles.join(', ').toLowerCase()} in the claim "${this.settings.roleClaim}", found none. Ask whoever runs the platform.`,
      );
    }
    return { name: name as string, role };
  }

  private async claims(url: URL, { state, verifier, nonce }: Begun): Promise<client.IDToken> {
    try {
      const tokens = await client.authorizationCodeGrant(this.configuration, url, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      return tokens.claims()!;
    } catch (error) {
      throw new PlatformError('SIGN_IN_FAILED', `The identity provider did not let you in (${messageOf(error)}).`);
    }
  }

  /** The highest of those that are named. */
  private roleFrom(claim: unknown): Role | null {
    const named = (Array.isArray(claim) ? claim : [claim])
      .filter((one) => typeof one === 'string')
      .map((one) => one.toUpperCase());
    return roles.findLast((role) => named.includes(role)) ?? null;
  }
}
