<?php
/**
 * Whether submissions arrive.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Finds what stops submissions from arriving. The admin notice, the Site Health page and the dashboard say the same.
 */
final class Health {

	/**
	 * A row that waits this long is late.
	 */
	public const LATE = DAY_IN_SECONDS;

	private const OVERDUE = 5 * MINUTE_IN_SECONDS;
	private const MANY    = 1000;

	private Settings $settings;

	private Spool_Records $records;

	/**
	 * What the gateway says of its own problems.
	 *
	 * @var callable|null
	 */
	private $reported;

	/**
	 * What is looked at.
	 *
	 * @param Settings      $settings The settings.
	 * @param Spool_Records $records  The rows.
	 * @param callable|null $reported Returns what the gateway says of its own problems, in sentences.
	 */
	public function __construct( Settings $settings, Spool_Records $records, ?callable $reported = null ) {
		$this->settings = $settings;
		$this->records  = $records;
		$this->reported = $reported;
	}

	/**
	 * What a person must fix.
	 *
	 * @return array<string,string> Sentences by problem.
	 */
	public function urgent(): array {
		$problems = $this->storage_problems();
		$counts   = $this->records->counts();
		if ( '' !== $this->settings->pause_reason() ) {
			/* translators: %s: the reason */
			$problems['paused'] = sprintf( __( 'Sending is paused: %s', 'gateway-connector' ), $this->settings->pause_reason() );
		}
		if ( Site_Address::is_another() ) {
			$problems['copied'] = __( 'Nothing is sent, because the address of this site has changed.', 'gateway-connector' );
		} elseif ( $counts[ Spool::WAITING ] > 0 && ! $this->settings->connection() instanceof Connection ) {
			$problems['unconnected'] = __( 'Entries are waiting, but this site is not connected to a gateway.', 'gateway-connector' );
		} elseif ( $this->is_late( Spool::WAITING ) ) {
			$problems['late'] = trim(
				sprintf(
					/* translators: %s: the last problem */
					__( 'Entries have been waiting for more than a day. %s', 'gateway-connector' ),
					$this->records->last_error( Spool::WAITING )
				)
			);
		}
		if ( $counts[ Spool::REJECTED ] > 0 ) {
			/* translators: %s: number of submissions and users */
			$text = _n(
				'The gateway rejected %s entry. Fix the problem shown, then resend it or delete it.',
				'The gateway rejected %s entries. Fix the problems shown, then resend or delete them.',
				$counts[ Spool::REJECTED ],
				'gateway-connector'
			);

			$problems['rejected'] = sprintf( $text, number_format_i18n( $counts[ Spool::REJECTED ] ) );
		}
		$reported = $this->reported && $this->settings->connection() instanceof Connection ? ( $this->reported )() : array();
		if ( array() !== $reported ) {
			$problems['gateway'] = implode( ' ', $reported );
		}
		return $problems;
	}

	/**
	 * What is wrong with the place where submissions are kept. A table that is broken is repaired first.
	 *
	 * @return array<string,string> Sentences by problem.
	 */
	private function storage_problems(): array {
		$problems = array();
		if ( ! $this->records->is_storage_whole() ) {
			$problems['storage'] = implode(
				' ',
				array(
					__( 'The database table for submissions is broken and could not be repaired.', 'gateway-connector' ),
					__( 'Submissions are kept elsewhere on this site meanwhile.', 'gateway-connector' ),
					__( 'Ask your host to repair the database.', 'gateway-connector' ),
				)
			);
		}
		$lost = (int) get_option( Spool_Schema::LOST, 0 );
		if ( $lost > 0 ) {
			/* translators: %s: date and time */
			$text   = __( 'The database table for submissions was missing and was created again on %s.', 'gateway-connector' );
			$when   = wp_date( get_option( 'date_format' ) . ' ' . get_option( 'time_format' ), $lost );
			$advice = __( 'What waited in it was not sent: look into the emails of your forms.', 'gateway-connector' );

			$problems['lost'] = sprintf( $text, $when ) . ' ' . $advice;
		}
		return $problems;
	}

	/**
	 * What works but could work better.
	 *
	 * @return array<string,string> Sentences by problem.
	 */
	public function minor(): array {
		$problems = array();
		$waiting  = $this->records->counts()[ Spool::WAITING ];
		if ( $this->is_overdue() ) {
			$problems['overdue'] = __(
				'WordPress’ scheduled events do not run on this site, so entries wait for your visits.',
				'gateway-connector'
			)
				. ' ' . __( 'Let the system’s cron call wp-cron.php every minute.', 'gateway-connector' );
		}
		if ( $waiting > self::MANY ) {
			$problems['many'] = sprintf(
				/* translators: %s: number of submissions and users */
				__( '%s entries are waiting for the gateway. They are kept until it takes them.', 'gateway-connector' ),
				number_format_i18n( $waiting )
			);
		}
		return $problems;
	}

	/**
	 * Whether submissions could go out and nothing has sent them for minutes.
	 */
	public function is_overdue(): bool {
		return $this->settings->connection() instanceof Connection
			&& $this->settings->may_send()
			&& $this->records->is_overdue( self::OVERDUE )
			&& time() - max( (int) $this->records->last_delivery(), $this->settings->held_until() ) > self::OVERDUE;
	}

	/**
	 * Whether the oldest row of a state is older than a day.
	 */
	public function is_late( string $state ): bool {
		$oldest = $this->records->oldest( $state );
		return null !== $oldest && time() - $oldest > self::LATE;
	}
}
