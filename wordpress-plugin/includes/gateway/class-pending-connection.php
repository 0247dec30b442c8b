<?php
/**
 * A connection that somebody has begun.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * What is kept while somebody is at the gateway to choose their site there (OAuth 2.1, authorization code with PKCE). It belongs to this
 * user, to this gateway and to this request: an answer that does not fit all of them is not taken.
 */
final class Pending_Connection {

	public const TRANSIENT = 'gateway_connector_pending_';

	/**
	 * Seconds. The gateway's code lives for ten minutes, and before there is a sign-in.
	 */
	private const LIFETIME = 30 * MINUTE_IN_SECONDS;

	/**
	 * The gateway that was asked.
	 */
	public string $address;

	/**
	 * Our page, to which the answer comes.
	 */
	public string $redirect;

	/**
	 * What only we know. The gateway has seen its hash.
	 */
	public string $verifier;

	/**
	 * What the answer must bring back.
	 */
	private string $state;

	private function __construct( string $address, string $redirect, string $verifier, string $state ) {
		$this->address  = $address;
		$this->redirect = $redirect;
		$this->verifier = $verifier;
		$this->state    = $state;
	}

	/**
	 * Begins a connection for the current user. One that they began before is forgotten.
	 */
	public static function begin( string $address, string $redirect ): self {
		$pending = new self( $address, $redirect, self::encode( random_bytes( 32 ) ), self::encode( random_bytes( 24 ) ) );
		set_transient( self::TRANSIENT . get_current_user_id(), get_object_vars( $pending ), self::LIFETIME );
		return $pending;
	}

	/**
	 * Takes the connection that an answer belongs to; it is used up by that.
	 *
	 * @param string $state  What the answer brings back.
	 * @param string $issuer Who answers.
	 * @return self|null Null when nobody here asked for this answer.
	 */
	public static function take( string $state, string $issuer ): ?self {
		$kept = get_transient( self::TRANSIENT . get_current_user_id() );
		if ( ! is_array( $kept ) || ! hash_equals( (string) $kept['state'], $state ) ) {
			return null;
		}
		delete_transient( self::TRANSIENT . get_current_user_id() );
		return Gateway_Address::from_typed( $issuer ) === $kept['address']
			? new self( $kept['address'], $kept['redirect'], $kept['verifier'], $kept['state'] )
			: null;
	}

	/**
	 * Where the browser goes to ask.
	 */
	public function url(): string {
		return $this->address . '/connect?' . http_build_query(
			array(
				'response_type'         => 'code',
				'redirect_uri'          => $this->redirect,
				'state'                 => $this->state,
				'code_challenge'        => self::encode( hash( 'sha256', $this->verifier, true ) ),
				'code_challenge_method' => 'S256',
				'site_name'             => mb_substr( wp_specialchars_decode( get_bloginfo( 'name' ), ENT_QUOTES ), 0, 200 ),
			),
			'',
			'&' // Not what the server's settings say.
		);
	}

	public function host(): string {
		return (string) wp_parse_url( $this->address, PHP_URL_HOST );
	}

	/**
	 * Keeps the secrets out of var_dump and of error reports.
	 */
	public function __debugInfo() {
		return array( 'address' => $this->address );
	}

	private static function encode( string $bytes ): string {
		// phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- base64url, as RFC 7636 wants it.
		return rtrim( strtr( base64_encode( $bytes ), '+/', '-_' ), '=' );
	}
}
