<?php
/**
 * The spool in a few lines.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Says how delivery goes, on the dashboard and on the page with the statistics.
 */
final class Spool_Summary {

	/**
	 * Texts by label.
	 *
	 * @return array<string,string>
	 */
	public static function lines( Spool_Records $records ): array {
		$counts  = $records->counts();
		$problem = $records->last_error( Spool::WAITING, Spool::REJECTED );
		return array(
			__( 'Waiting', 'gateway-connector' )        => number_format_i18n( $counts[ Spool::WAITING ] ),
			__( 'Oldest waiting', 'gateway-connector' ) => self::ago( $records->oldest( Spool::WAITING ) ),
			__( 'Rejected', 'gateway-connector' )       => number_format_i18n( $counts[ Spool::REJECTED ] ),
			__( 'Last received by the gateway', 'gateway-connector' ) => self::ago( $records->last_delivery() ),
			__( 'Last problem', 'gateway-connector' )   => '' === $problem ? '—' : $problem,
		);
	}

	private static function ago( ?int $time ): string {
		/* translators: %s: a span of time such as "5 minutes" */
		return null === $time ? '—' : sprintf( __( '%s ago', 'gateway-connector' ), human_time_diff( $time ) );
	}
}
