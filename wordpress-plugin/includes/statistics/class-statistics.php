<?php
/**
 * The gateway's figures.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Keeps the gateway's figures for some minutes. When the gateway is slow or down, the old figures stay, with their age.
 */
final class Statistics {

	public const TRANSIENT = 'gateway_connector_statistics';

	/**
	 * The event that fetches the figures which the dashboard shows.
	 */
	public const REFRESH = 'gateway_connector_refresh_statistics';

	/**
	 * Days that the dashboard shows.
	 */
	public const DAYS = 30;

	private const FRESH       = 5 * MINUTE_IN_SECONDS;
	private const RETRY_AFTER = MINUTE_IN_SECONDS; // After a failure.
	private const MAX_ENTRIES = 20; // Spans and forms that are kept.

	private Settings $settings;

	private Gateway_Client $client;

	public function __construct( Settings $settings, Gateway_Client $client ) {
		$this->settings = $settings;
		$this->client   = $client;
	}

	public function register(): void {
		add_action( self::REFRESH, array( $this, 'read' ), 10, 0 );
	}

	/**
	 * The figures of the last days, asked of the gateway when what is known is older than some minutes.
	 *
	 * @param string $form A form's id, or empty for all.
	 */
	public function read( int $days = self::DAYS, string $form = '' ): Figures {
		$connection = $this->settings->connection();
		$known      = $this->entry( $days, $form );
		if ( $connection instanceof Connection && time() - $known['at'] > self::FRESH && time() - $known['tried'] > self::RETRY_AFTER ) {
			$answer         = $this->client->status(
				$connection,
				gmdate( 'Y-m-d\T00:00:00\Z', time() - ( $days - 1 ) * DAY_IN_SECONDS ),
				$form
			);
			$known['tried'] = time();
			if ( 200 === $answer->status ) {
				$known['at']      = time();
				$known['json']    = $answer->json;
				$known['problem'] = '';
			} else {
				$known['problem'] = Error_Message::of( $answer, $connection->host() );
			}
			$this->keep( $days, $form, $known );
		}
		return new Figures( $known['json'], $known['at'], $known['problem'] );
	}

	/**
	 * The known figures of the last days, without a request: for pages that only mention them. WordPress' cron fetches
	 * newer ones.
	 */
	public function known(): Figures {
		$known = $this->entry( self::DAYS, '' );
		if ( time() - $known['at'] > self::FRESH
			&& $this->settings->connection() instanceof Connection
			&& ! wp_next_scheduled( self::REFRESH )
		) {
			wp_schedule_single_event( time(), self::REFRESH );
		}
		return new Figures( $known['json'], $known['at'], $known['problem'] );
	}

	/**
	 * What the gateway said last of its own problems, in sentences.
	 *
	 * @return string[]
	 */
	public function reported(): array {
		$known = $this->known();
		return array_merge(
			array_map( array( Gateway_Problem::class, 'text' ), $known->problems() ),
			array_map( array( Mail_Limit::class, 'text' ), $known->limits() )
		);
	}

	public static function clear(): void {
		wp_clear_scheduled_hook( self::REFRESH );
	}

	private function entry( int $days, string $form ): array {
		$empty = array(
			'json'    => array(),
			'at'      => 0,
			'tried'   => 0,
			'problem' => '',
		);
		return array_merge( $empty, (array) ( $this->entries()[ $this->name( $days, $form ) ] ?? array() ) );
	}

	private function keep( int $days, string $form, array $entry ): void {
		$entries = $this->entries();
		unset( $entries[ $this->name( $days, $form ) ] );
		$entries[ $this->name( $days, $form ) ] = $entry;
		set_transient( self::TRANSIENT, array_slice( $entries, -self::MAX_ENTRIES, null, true ), WEEK_IN_SECONDS );
	}

	private function entries(): array {
		$kept = get_transient( self::TRANSIENT );
		return is_array( $kept ) ? $kept : array();
	}

	/**
	 * The name of an entry. Each gateway has its own figures.
	 */
	private function name( int $days, string $form ): string {
		$connection = $this->settings->connection();
		return md5( ( $connection instanceof Connection ? $connection->endpoint( '' ) : '' ) . "|{$days}|{$form}" );
	}
}
