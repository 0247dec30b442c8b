<?php
/**
 * What the gateway answered.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WP_Error;

/**
 * An HTTP answer, or the lack of one.
 */
final class Answer {

	/**
	 * A Retry-After counts for at most this many seconds.
	 */
	private const MAX_WAIT = DAY_IN_SECONDS;

	/**
	 * The HTTP status; 0 when there was no answer.
	 */
	public int $status;

	/**
	 * The body, decoded.
	 */
	public array $json;

	/**
	 * Why there was no answer.
	 */
	public string $network_error = '';

	private string $date;

	private string $retry_after;

	/**
	 * Reads what WordPress' HTTP functions return.
	 *
	 * @param array|WP_Error $response The response.
	 */
	public function __construct( $response ) {
		$this->status = (int) wp_remote_retrieve_response_code( $response );
		$json         = json_decode( wp_remote_retrieve_body( $response ), true );
		$this->json   = is_array( $json ) ? $json : array();

		$this->date        = $this->header( $response, 'date' );
		$this->retry_after = $this->header( $response, 'retry-after' );
		if ( is_wp_error( $response ) ) {
			$this->network_error = $response->get_error_message();
		}
	}

	/**
	 * The stable code of a problem.
	 */
	public function code(): string {
		return self::text( $this->json, 'code' );
	}

	/**
	 * What a problem says for people: of this answer, or of one item in it.
	 *
	 * @param array $problem A problem (RFC 9457).
	 */
	public static function reason( array $problem ): string {
		foreach ( array( 'detail', 'title' ) as $member ) {
			if ( '' !== self::text( $problem, $member ) ) {
				return self::text( $problem, $member );
			}
		}
		return self::text( $problem, 'code' );
	}

	/**
	 * The gateway's clock, when it says that ours is wrong.
	 */
	public function server_time(): ?int {
		if ( 401 !== $this->status || 'clock_skew' !== $this->code() ) {
			return null;
		}
		$said = self::text( $this->json, 'serverTime' );
		$time = strtotime( '' === $said ? $this->date : $said );
		return false === $time ? null : $time;
	}

	/**
	 * Seconds that the sender's clock is ahead of ours; null when the answer has no date.
	 */
	public function clock_difference(): ?int {
		$time = strtotime( $this->date );
		return false === $time ? null : $time - time();
	}

	/**
	 * Seconds the gateway asks us to wait; 0 when it asks for nothing.
	 */
	public function retry_after(): int {
		$seconds = is_numeric( $this->retry_after ) ? (int) $this->retry_after : (int) strtotime( $this->retry_after ) - time();
		return max( 0, min( self::MAX_WAIT, $seconds ) );
	}

	/**
	 * One header; the first, if it came several times.
	 *
	 * @param array|WP_Error $response The response.
	 */
	private function header( $response, string $name ): string {
		$value = wp_remote_retrieve_header( $response, $name );
		return (string) ( is_array( $value ) ? reset( $value ) : $value );
	}

	private static function text( array $json, string $name ): string {
		return isset( $json[ $name ] ) && is_string( $json[ $name ] ) ? $json[ $name ] : '';
	}
}
