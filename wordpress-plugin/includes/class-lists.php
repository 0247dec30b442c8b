<?php
/**
 * The gateway's mailing lists.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * What the gateway last told about the site and its lists, kept for half a day.
 */
final class Lists {

	public const TRANSIENT = 'gateway_connector_lists';

	private Gateway_Client $client;

	public function __construct( Gateway_Client $client ) {
		$this->client = $client;
	}

	/**
	 * Asks the gateway. What is known stays when it does not answer well.
	 *
	 * @return string Why nothing was found, for people; empty when all is well.
	 */
	public function refresh( Connection $connection ): string {
		$answer  = $this->client->lists( $connection );
		$finding = Finding::in( $answer );
		if ( ! $finding ) {
			return Explanation::of( $answer, $connection->host() );
		}
		set_transient( self::TRANSIENT, $finding->to_array(), DAY_IN_SECONDS / 2 );
		return '';
	}

	/**
	 * Asks the gateway only when nothing is known; a failure is not repeated for a minute, so that the pages stay usable.
	 *
	 * @return string As for refresh().
	 */
	public function ensure( Connection $connection ): string {
		$failure = false === get_transient( self::TRANSIENT ) ? $this->refresh( $connection ) : '';
		if ( '' !== $failure ) {
			set_transient( self::TRANSIENT, array(), MINUTE_IN_SECONDS );
		}
		return $failure;
	}

	/**
	 * What the last check that succeeded found; null when that is not known at the moment.
	 */
	public function finding(): ?Finding {
		$known = get_transient( self::TRANSIENT );
		return is_array( $known ) && isset( $known['lists'] ) ? Finding::from_array( $known ) : null;
	}

	/**
	 * Names by id; null when they are not known at the moment.
	 *
	 * @return array<string,string>|null
	 */
	public function names(): ?array {
		$finding = $this->finding();
		return $finding ? $finding->lists : null;
	}

	/**
	 * Forgets what was found, because it was found elsewhere.
	 */
	public function forget(): void {
		delete_transient( self::TRANSIENT );
	}
}
