<?php
/**
 * Talks to the gateway.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Signed requests to the gateway's API. Never call it while a visitor waits.
 */
final class Gateway_Client {

	private const TIME_LIMIT = 10; // Seconds.

	/**
	 * For requests that an admin page waits for.
	 */
	private const SHORT_TIME_LIMIT = 3;

	private Settings $settings;

	public function __construct( Settings $settings ) {
		$this->settings = $settings;
	}

	/**
	 * The site's name and its mailing lists.
	 */
	public function lists( Connection $connection ): Answer {
		return $this->send( $connection, 'GET', 'lists?limit=1000', '' ); // The gateway's limit; menus need all lists.
	}

	/**
	 * Sends many items, each already in JSON.
	 *
	 * @param string   $path  Where to, below the site's address.
	 * @param string[] $items The items.
	 */
	public function batch( Connection $connection, string $path, array $items ): Answer {
		return $this->send( $connection, 'POST', $path, '{"items":[' . implode( ',', $items ) . ']}' );
	}

	/**
	 * What came in and who confirmed since a time (ISO 8601), from one form or all.
	 */
	public function status( Connection $connection, string $from, string $form ): Answer {
		$asked = array( 'from' => $from ) + ( '' === $form ? array() : array( 'form' => $form ) );
		return $this->send( $connection, 'GET', 'status?' . http_build_query( $asked, '', '&' ), '', self::SHORT_TIME_LIMIT );
	}

	/**
	 * What mailbox providers see of the domains that the site's emails come from.
	 */
	public function sender_domains( Connection $connection ): Answer {
		return $this->send( $connection, 'GET', 'sender-domains', '', self::SHORT_TIME_LIMIT );
	}

	/**
	 * Asks whether a gateway is there, before anybody is sent to it.
	 */
	public function greet( string $address ): Answer {
		return new Answer( wp_remote_get( $address . '/health/live', self::options( self::SHORT_TIME_LIMIT ) ) );
	}

	/**
	 * Exchanges the code that a browser brought for the connection key.
	 */
	public function exchange( Pending_Connection $pending, string $code ): Answer {
		$form = array(
			'grant_type'    => 'authorization_code',
			'code'          => $code,
			'redirect_uri'  => $pending->redirect,
			'code_verifier' => $pending->verifier,
		);
		return new Answer(
			wp_remote_post( $pending->address . '/oauth/connection', array( 'body' => $form ) + self::options( self::TIME_LIMIT ) )
		);
	}

	/**
	 * Sends a request; a second time when the gateway says that our clock is wrong.
	 */
	private function send(
		Connection $connection,
		string $method,
		string $path,
		string $body,
		int $time_limit = self::TIME_LIMIT
	): Answer {
		$answer = $this->attempt( $connection, $method, $path, $body, $time_limit );
		$time   = $answer->server_time();
		if ( null === $time ) {
			return $answer;
		}
		$this->settings->set_clock_offset( $time - time() );
		return $this->attempt( $connection, $method, $path, $body, $time_limit );
	}

	private function attempt( Connection $connection, string $method, string $path, string $body, int $time_limit ): Answer {
		$signature = Signature::headers(
			$connection->secret,
			'msg_' . wp_generate_uuid4(),
			time() + $this->settings->clock_offset(),
			$body
		);
		$headers   = $signature + array( 'Accept' => 'application/json' );
		if ( '' !== $body ) {
			$headers['Content-Type'] = 'application/json';
		}
		return new Answer(
			wp_remote_request(
				$connection->endpoint( $path ),
				array(
					'method'  => $method,
					'headers' => $headers,
					'body'    => '' === $body ? null : $body,
				) + self::options( $time_limit )
			)
		);
	}

	private static function options( int $time_limit ): array {
		return array(
			'timeout'     => $time_limit,
			'redirection' => 0, // A redirect would send personal data to another address.
			'user-agent'  => 'Gateway-Connector/' . VERSION,
		);
	}
}
