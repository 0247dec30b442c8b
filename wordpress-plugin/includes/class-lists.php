<?php
/**
 * The gateway's mailing lists.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * The site's name and lists as the gateway last told them, kept for half a day.
 */
final class Lists {

	public const TRANSIENT = 'gateway_connector_lists';

	private Gateway_Client $client;

	public function __construct( Gateway_Client $client ) {
		$this->client = $client;
	}

	/**
	 * Asks the gateway. What is known stays when it does not answer well.
	 */
	public function refresh( Connection $connection ): Answer {
		$answer = $this->client->lists( $connection );
		if ( 200 === $answer->status ) {
			$names = array();
			foreach ( (array) ( $answer->json['items'] ?? array() ) as $list ) {
				if ( is_array( $list ) && isset( $list['id'], $list['name'] ) ) {
					$names[ (string) $list['id'] ] = (string) $list['name'];
				}
			}
			$known = array(
				'site'  => (string) ( $answer->json['site']['name'] ?? '' ),
				'lists' => $names,
			);
			set_transient( self::TRANSIENT, $known, DAY_IN_SECONDS / 2 );
		}
		return $answer;
	}

	/**
	 * Asks the gateway only when nothing is known; a failure is not repeated for a minute, so that the editor stays usable.
	 */
	public function ensure( Connection $connection ): void {
		if ( false === get_transient( self::TRANSIENT ) && 200 !== $this->refresh( $connection )->status ) {
			set_transient( self::TRANSIENT, array(), MINUTE_IN_SECONDS );
		}
	}

	/**
	 * The site's name at the gateway; empty when it is not known at the moment.
	 */
	public function site_name(): string {
		return $this->known()['site'] ?? '';
	}

	/**
	 * Names by id; null when they are not known at the moment.
	 *
	 * @return array<string,string>|null
	 */
	public function names(): ?array {
		return $this->known()['lists'] ?? null;
	}

	private function known(): array {
		return (array) get_transient( self::TRANSIENT );
	}
}
