<?php
/**
 * What comes first.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * A list of three steps from the activation to the first sign-up. It goes once all are done.
 */
final class First_Steps {

	/**
	 * That a sign-up has arrived once. The row that shows it is deleted after a while.
	 */
	public const DONE = 'gateway_connector_first_steps_done';

	private Settings $settings;

	private Lists $lists;

	private Spool_Records $records;

	public function __construct( Settings $settings, Lists $lists, Spool_Records $records ) {
		$this->settings = $settings;
		$this->lists    = $lists;
		$this->records  = $records;
	}

	public function print(): void {
		$connected = $this->settings->connection() instanceof Connection;
		if ( $connected && $this->are_done() ) {
			return;
		}
		$form  = $connected && $this->has_form();
		$steps = array(
			__( 'Connect this site to your gateway', 'gateway-connector' )        => $connected,
			__( 'Put the box into a form', 'gateway-connector' )                  => $form,
			__( 'Sign yourself up and confirm the email', 'gateway-connector' )   => false,
		);
		?>
		<div class="card gateway-connector-card">
			<h2><?php esc_html_e( 'First steps', 'gateway-connector' ); ?></h2>
			<ol class="gateway-connector-steps">
				<?php
				foreach ( $steps as $step => $done ) {
					printf(
						'<li>%s%s</li>',
						esc_html( $step ),
						$done ? ' <strong>' . esc_html__( 'Done', 'gateway-connector' ) . '</strong>' : ''
					);
				}
				?>
			</ol>
			<?php
			if ( $form ) {
				printf(
					'<p>%s</p>',
					esc_html__( 'Open the page of your website that shows the form, tick the box and send it.', 'gateway-connector' )
				);
			} elseif ( $connected ) {
				$this->print_form_step();
			}
			?>
		</div>
		<?php
	}

	private function are_done(): bool {
		if ( get_option( self::DONE ) ) {
			return true;
		}
		$arrived = $this->records->counts()[ Spool::DELIVERED ] > 0;
		if ( $arrived ) {
			update_option( self::DONE, '1', false );
		}
		return $arrived;
	}

	private function print_form_step(): void {
		$lists = (array) $this->lists->names();
		$forms = First_Form::candidates();
		if ( array() === $lists ) {
			printf(
				'<p>%s</p>',
				esc_html__( 'There is no mailing list yet: add one on the gateway, then check the connection.', 'gateway-connector' )
			);
		} elseif ( array() === $forms ) {
			printf(
				'<p><a class="button button-primary" href="%s">%s</a></p>',
				esc_url( Forms_Page::url() ),
				esc_html__( 'Choose a form to connect', 'gateway-connector' )
			);
		} else {
			First_Form::print( $forms, $lists );
		}
	}

	/**
	 * Whether a form of any plugin is connected.
	 */
	private function has_form(): bool {
		if ( First_Form::is_any_connected() ) {
			return true;
		}
		foreach ( Form_Plugins::active() as $plugin ) {
			foreach ( $plugin->forms() as $form ) {
				if ( Plugin_Form_Settings::of( $form )->enabled ) {
					return true;
				}
			}
		}
		return false;
	}
}
