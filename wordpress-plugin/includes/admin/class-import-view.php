<?php
/**
 * What the page "Gateway › Import" shows.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Prints what would be imported, form by form, and the button that does it.
 */
final class Import_View {

	private ?Site_Details $details;

	private bool $both_run;

	/**
	 * The view.
	 *
	 * @param Site_Details|null $details  What is known of the gateway's lists.
	 * @param bool         $both_run Whether Mailjet's plugin serves Contact Form 7 at the moment.
	 */
	public function __construct( ?Site_Details $details, bool $both_run ) {
		$this->details  = $details;
		$this->both_run = $both_run;
	}

	/**
	 * Prints the preview.
	 *
	 * @param Mailjet_Settings $mailjet What was set there.
	 * @param Mailjet_Form[]   $forms   The forms with its box.
	 * @param string           $action  The action that imports.
	 */
	public function print( Mailjet_Settings $mailjet, array $forms, string $action ): void {
		$ready = array_filter( $forms, static fn( Mailjet_Form $form ) => '' === $form->skip_reason );
		echo '<p>' . esc_html__(
			'This is what each form becomes. Nothing has changed yet, and subscribers at Mailjet are not affected.',
			'gateway-connector'
		) . '</p>';
		if ( array() === $forms ) {
			/* translators: %s: a form-tag */
			$text = __( 'No form contains the Mailjet plugin’s box (%s), so there is nothing to import.', 'gateway-connector' );
			printf( '<p>%s</p>', esc_html( sprintf( $text, '[checkbox ' . Mailjet_Settings::BOX . ' …]' ) ) );
			return;
		}
		foreach ( $forms as $form ) {
			$this->print_form( $form );
		}
		if ( ! $this->details ) {
			printf(
				'<div class="notice notice-warning inline"><p>%s <a href="%s">%s</a></p></div>',
				esc_html__( 'The gateway’s lists are not known.', 'gateway-connector' ),
				esc_url( Settings_Page::url() ),
				esc_html__( 'Check the connection', 'gateway-connector' )
			);
		} elseif ( $ready ) {
			$this->print_button( $mailjet, $this->details, $action );
		}
	}

	private function print_form( Mailjet_Form $found ): void {
		$chosen = $found->subscription;
		$tag    = static fn( string $name ) => '' === $name ? '—' : "[{$name}]";
		$facts  = array(
			__( 'Email field', 'gateway-connector' )  => $tag( $chosen->email ),
			__( 'Name field', 'gateway-connector' )   => $tag( $chosen->name ),
			__( 'Consent box', 'gateway-connector' )  => $found->wording,
			__( 'Its form-tag', 'gateway-connector' ) => $found->our_tag(),
		);
		printf(
			'<div class="card gateway-connector-card"><h2><a href="%s">%s</a></h2>',
			esc_url( Form_Warnings::edit_url( $found->form ) ),
			esc_html( $found->form->title() )
		);
		if ( '' !== $found->skip_reason ) {
			printf(
				'<p><strong>%s</strong> %s</p></div>',
				esc_html__( 'Not imported.', 'gateway-connector' ),
				esc_html( $found->skip_reason )
			);
			return;
		}
		echo '<table class="gateway-connector-facts"><tbody>';
		foreach ( $facts as $name => $fact ) {
			printf( '<tr><th scope="row">%s</th><td>%s</td></tr>', esc_html( $name ), esc_html( $fact ) );
		}
		echo '</tbody></table>';
		foreach ( $found->notes as $note ) {
			echo '<p>' . esc_html( $note ) . '</p>';
		}
		echo '</div>';
	}

	private function print_button( Mailjet_Settings $mailjet, Site_Details $details, string $action ): void {
		$same = $details->at( 'mailjet', $mailjet->list );
		$list = '' === $same && 1 === count( $details->lists ) ? (string) array_key_first( $details->lists ) : $same;
		?>
		<form method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>">
			<input type="hidden" name="action" value="<?php echo esc_attr( $action ); ?>" />
			<?php wp_nonce_field( $action ); ?>
			<p>
				<label><strong><?php esc_html_e( 'Mailing list', 'gateway-connector' ); ?></strong><br />
				<?php
				$attributes = array(
					'name'             => 'list',
					'required'         => 'required',
					'aria-describedby' => 'gateway-connector-import-list',
				);
				Panel_Controls::menu( $attributes, $list, $details->lists );
				?>
				</label>
			</p>
			<p class="description" id="gateway-connector-import-list">
				<?php
				$text = '' !== $same
					/* translators: %s: a list's id at Mailjet */
					? __( 'It is the list %s at Mailjet that the Mailjet plugin used.', 'gateway-connector' )
					/* translators: %s: a list's id at Mailjet */
					: __(
						'The Mailjet plugin used the list %s at Mailjet. No list of the gateway uses it: choose one, or add it there.',
						'gateway-connector'
					);
				echo esc_html( sprintf( $text, $mailjet->list ) );
				?>
			</p>
			<?php if ( $this->both_run ) : ?>
				<p><label>
					<input type="checkbox" name="switch_off" value="1" checked />
					<?php
					esc_html_e(
						'Switch off the Mailjet plugin’s part for Contact Form 7, so that nobody gets two emails',
						'gateway-connector'
					);
					?>
				</label></p>
			<?php endif; ?>
			<p><button class="button button-primary"><?php esc_html_e( 'Import', 'gateway-connector' ); ?></button></p>
		</form>
		<?php
	}
}
