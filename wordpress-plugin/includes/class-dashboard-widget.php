<?php
/**
 * The box on the dashboard.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Says in four lines how delivery goes.
 */
final class Dashboard_Widget {

	private const ID = 'gateway_connector_delivery';

	private Spool_Records $records;

	public function __construct( Spool_Records $records ) {
		$this->records = $records;
	}

	public function register(): void {
		add_action( 'wp_dashboard_setup', array( $this, 'add' ) );
	}

	public function add(): void {
		if ( current_user_can( Settings_Page::CAPABILITY ) ) {
			wp_add_dashboard_widget( self::ID, __( 'Gateway', 'gateway-connector' ), array( $this, 'print' ) );
		}
	}

	public function print(): void {
		$counts = $this->records->counts();
		$last   = $this->records->last_delivery();
		$lines  = array(
			__( 'Waiting', 'gateway-connector' )       => number_format_i18n( $counts[ Spool::WAITING ] ),
			__( 'Parked', 'gateway-connector' )        => number_format_i18n( $counts[ Spool::PARKED ] ),
			/* translators: %s: a span of time such as "5 minutes" */
			__( 'Last delivery', 'gateway-connector' ) => null === $last ? '—' : sprintf( __( '%s ago', 'gateway-connector' ), human_time_diff( $last ) ),
			__( 'Last problem', 'gateway-connector' )  => $this->records->last_error( Spool::WAITING, Spool::PARKED ) ?: '—',
		);
		echo '<table class="widefat striped"><tbody>';
		foreach ( $lines as $name => $value ) {
			printf( '<tr><th scope="row">%s</th><td>%s</td></tr>', esc_html( $name ), esc_html( $value ) );
		}
		printf( '</tbody></table><p><a href="%s">%s</a></p>', esc_url( Spool_Page::url() ), esc_html__( 'Look at the submissions', 'gateway-connector' ) );
	}
}
