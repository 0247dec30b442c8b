<?php
/**
 * The box on the dashboard.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Says in a few lines how delivery goes and who confirmed. It never asks the gateway while somebody waits for the dashboard.
 */
final class Dashboard_Widget {

	private const ID = 'gateway_connector_delivery';

	private Spool_Records $records;

	private Statistics $statistics;

	public function __construct( Spool_Records $records, Statistics $statistics ) {
		$this->records    = $records;
		$this->statistics = $statistics;
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
		echo '<table class="widefat striped"><tbody>';
		foreach ( Spool_Summary::lines( $this->records ) + $this->figures() as $name => $value ) {
			printf( '<tr><th scope="row">%s</th><td>%s</td></tr>', esc_html( $name ), esc_html( $value ) );
		}
		printf(
			'</tbody></table><p><a href="%s">%s</a> | <a href="%s">%s</a></p>',
			esc_url( Spool_Records::url() ),
			esc_html__( 'View submissions', 'gateway-connector' ),
			esc_url( Statistics_Page::url() ),
			esc_html__( 'Statistics', 'gateway-connector' )
		);
	}

	private function figures(): array {
		$figures = $this->statistics->known();
		if ( 0 === $figures->at ) {
			return array();
		}
		/* translators: 1: number of people who confirmed, 2: number who have not yet, 3: a span of time such as "5 minutes" */
		$text = __( '%1$s, and %2$s to be confirmed (%3$s ago)', 'gateway-connector' );
		$lines = array(
			__( 'Confirmed in 30 days', 'gateway-connector' ) =>
				sprintf(
					$text,
					number_format_i18n( $figures->confirmed() ),
					number_format_i18n( $figures->pending() ),
					human_time_diff( $figures->at )
				),
		);
		$mails = Mail_Figures::line( $figures );
		return '' === $mails ? $lines : $lines + array( __( 'Emails in 30 days', 'gateway-connector' ) => $mails );
	}
}
