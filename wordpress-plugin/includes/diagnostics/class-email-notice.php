<?php
/**
 * The email to the administrator.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Writes to the administrator when submissions have been late for a day: only once, until all have arrived.
 */
final class Email_Notice {

	/**
	 * When to write again, by state of the rows: never while the problem lasts, or in an hour if the email could not be sent.
	 */
	public const OPTION = 'gateway_connector_email_notice';

	private Health $health;

	private Spool_Records $records;

	public function __construct( Health $health, Spool_Records $records ) {
		$this->health  = $health;
		$this->records = $records;
	}

	public function check(): void {
		$next   = (array) get_option( self::OPTION, array() );
		$before = $next;
		foreach ( array( Spool::WAITING, Spool::REJECTED ) as $state ) {
			if ( ! $this->health->is_late( $state ) ) {
				unset( $next[ $state ] );
			} elseif ( time() >= ( $next[ $state ] ?? 0 ) ) {
				$next[ $state ] = $this->write() ? PHP_INT_MAX : time() + HOUR_IN_SECONDS;
			}
		}
		if ( $next !== $before ) {
			update_option( self::OPTION, $next, false );
		}
	}

	private function write(): bool {
		$counts  = $this->records->counts();
		$subject = sprintf(
			/* translators: %s: the site's name */
			__( '[%s] Entries have not reached the gateway for a day', 'gateway-connector' ),
			wp_specialchars_decode( get_bloginfo( 'name' ), ENT_QUOTES )
		);
		$lines = array_merge(
			array_values( $this->health->urgent() ),
			array(
				sprintf(
					/* translators: 1: number of submissions and users that wait, 2: number of those that the gateway refused */
					__( 'Waiting: %1$d. Rejected: %2$d. They are kept on the site; nothing is lost.', 'gateway-connector' ),
					$counts[ Spool::WAITING ],
					$counts[ Spool::REJECTED ]
				),
				Spool_Records::url(),
				__( 'You get this message once, until everything has arrived.', 'gateway-connector' ),
			)
		);
		return (bool) wp_mail( get_option( 'admin_email' ), $subject, implode( "\n\n", $lines ) . "\n" );
	}
}
