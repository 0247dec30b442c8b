<?php
/**
 * Errors in plain words.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Says in one sentence why the gateway could not be used, and what to do about it.
 */
final class Error_Message {

	public static function of( Answer $answer, string $host ): string {
		if ( 0 === $answer->status ) {
			return self::of_network_error( $answer->network_error, $host );
		}
		if ( 'clock_skew' === $answer->code() ) {
			return __( 'This server’s clock differs from the gateway’s. Ask your host to set it.', 'gateway-connector' );
		}
		switch ( $answer->status ) {
			case 200:
				/* translators: %s: the gateway's host name */
				return sprintf( __( '%s answered, but it is not a gateway. Check the address in the key.', 'gateway-connector' ), $host );
			case 401:
				return __(
					'The gateway does not accept this connection key. Create a new one there and paste it under Gateway › Connection.',
					'gateway-connector'
				);
			case 403:
				return __( 'The gateway knows this site but refuses access. Ask the person who runs the gateway.', 'gateway-connector' );
			case 404:
				return sprintf(
					/* translators: %s: the gateway's host name */
					__( '%s does not know this site. It was removed there, or the address is wrong.', 'gateway-connector' ),
					$host
				);
			case 429:
				return __( 'The gateway got too many requests and asks for a pause.', 'gateway-connector' );
		}
		/* translators: 1: the gateway's host name, 2: HTTP status such as 503 */
		$sentence = sprintf( __( '%1$s answered with status %2$d.', 'gateway-connector' ), $host, $answer->status );
		return trim( $sentence . ' ' . Answer::reason( $answer->json ) );
	}

	/**
	 * WordPress passes on the messages of cURL or of PHP's streams; both are matched here.
	 */
	private static function of_network_error( string $error, string $host ): string {
		$sentences = array(
			/* translators: %s: the gateway's host name */
			'/cURL error 6\b|resolve host|getaddrinfo/i' => __(
				'The name %s was not found in the DNS. Check the gateway’s address.',
				'gateway-connector'
			),
			/* translators: %s: the gateway's host name */
			'/blocked requests through HTTP/i'           => __(
				'WordPress blocks requests to other servers here. Add %s to WP_ACCESSIBLE_HOSTS in wp-config.php.',
				'gateway-connector'
			),
			/* translators: %s: the gateway's host name */
			'/cURL error 28\b|timed? ?out/i'             => __( '%s did not answer in time.', 'gateway-connector' ),
			/* translators: %s: the gateway's host name */
			'/cURL error 7\b|refused|failed to connect|could not connect/i' => __(
				'%s refused the connection. Is the gateway running, and does the firewall let this server through?',
				'gateway-connector'
			),
			/* translators: %s: the gateway's host name */
			'/cURL error (35|51|53|58|59|60|77|83)\b|certificate|SSL/i' => __(
				'The certificate of %s is not valid, so nothing was sent. Renew it on the gateway.',
				'gateway-connector'
			),
		);
		foreach ( $sentences as $pattern => $sentence ) {
			if ( preg_match( $pattern, $error ) ) {
				return sprintf( $sentence, $host );
			}
		}
		/* translators: 1: the gateway's host name, 2: technical message */
		return sprintf( __( '%1$s could not be reached: %2$s', 'gateway-connector' ), $host, $error );
	}
}
