<?php
/**
 * The gateway's mailing lists.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * The gateway's last answer about the site and its lists, kept for half a day.
 */
final class Lists {

	public const TRANSIENT = 'gateway_connector_lists';

	/**
	 * That the last request failed.
	 */
	public const FAILED = 'gateway_connector_lists_failed';

	private Gateway_Client $client;

	public function __construct( Gateway_Client $client ) {
		$this->client = $client;
	}

	/**
	 * Asks the gateway. What is known stays when the request fails.
	 *
	 * @return Answer|null The answer that has no lists; null when all is well.
	 */
	public function refresh( Connection $connection ): ?Answer {
		$answer  = $this->client->lists( $connection );
		$details = Site_Details::from_answer( $answer );
		if ( ! $details ) {
			set_transient( self::FAILED, time(), DAY_IN_SECONDS / 2 );
			return $answer;
		}
		delete_transient( self::FAILED );
		set_transient( self::TRANSIENT, $details->to_array(), DAY_IN_SECONDS / 2 );
		return null;
	}

	/**
	 * Asks the gateway only when nothing is known. After a failure it waits a minute, so that the pages stay usable.
	 *
	 * @return Answer|null As for refresh().
	 */
	public function ensure( Connection $connection ): ?Answer {
		$failure = false === get_transient( self::TRANSIENT ) ? $this->refresh( $connection ) : null;
		if ( $failure ) {
			set_transient( self::TRANSIENT, array(), MINUTE_IN_SECONDS );
		}
		return $failure;
	}

	/**
	 * Whether the last request failed. What is known may still be there.
	 */
	public function has_failed(): bool {
		return false !== get_transient( self::FAILED );
	}

	/**
	 * What the last successful request brought; null when that is not known at the moment.
	 */
	public function details(): ?Site_Details {
		$known = get_transient( self::TRANSIENT );
		return is_array( $known ) && isset( $known['lists'] ) ? Site_Details::from_array( $known ) : null;
	}

	/**
	 * Names by id; null when they are not known at the moment.
	 *
	 * @return array<string,string>|null
	 */
	public function names(): ?array {
		$details = $this->details();
		return $details ? $details->lists : null;
	}

	/**
	 * Forgets the answer, because it came from another gateway.
	 */
	public function forget(): void {
		delete_transient( self::TRANSIENT );
		delete_transient( self::FAILED );
	}
}
