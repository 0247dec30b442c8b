<?php
/**
 * The form-tag for consent.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WPCF7_ContactForm;
use WPCF7_FormTag;
use WPCF7_TagGenerator;
use WPCF7_TagGeneratorGenerator;

/**
 * [newsletter newsletter-1 "Yes, send me the newsletter."]: a box that is never ticked in advance, because such consent is not valid.
 * With the option "policy" a link to the privacy policy follows the words.
 */
final class Newsletter_Tag {

	public const TYPE   = 'newsletter';
	public const TICKED = '1';

	/**
	 * The form-tag of a box, to be put into a form. It has a link to the privacy policy where the site has one.
	 *
	 * @param int $number What tells it from other boxes of the form.
	 */
	public static function code( int $number ): string {
		return sprintf(
			'[%1$s %1$s-%2$d%3$s "%4$s"]',
			self::TYPE,
			$number,
			get_privacy_policy_url() ? ' ' . Policy::OPTION : '',
			__( 'Yes, send me the newsletter.', 'gateway-connector' )
		);
	}

	public function register(): void {
		add_action( 'wpcf7_init', array( $this, 'add_form_tag' ) );
		add_action( 'wpcf7_admin_init', array( $this, 'add_generator' ), 36 ); // After the acceptance box.
	}

	public function add_form_tag(): void {
		wpcf7_add_form_tag( self::TYPE, array( $this, 'html' ), array( 'name-attr' => true ) );
	}

	/**
	 * The box with its label, with the same markup as Contact Form 7's own, so that themes style it alike.
	 */
	public function html( WPCF7_FormTag $tag ): string {
		$label = Consent::html( $tag, WPCF7_ContactForm::get_current() );
		if ( '' === $tag->name || '' === $label ) {
			return '';
		}
		$box = wpcf7_format_atts(
			array(
				'type'         => 'checkbox',
				'name'         => $tag->name,
				'value'        => self::TICKED,
				'checked'      => self::TICKED === wpcf7_get_hangover( $tag->name ),
				'tabindex'     => $tag->get_option( 'tabindex', 'signed_int', true ),
				'class'        => $tag->get_class_option(),
				'id'           => $tag->get_id_option(),
				'aria-invalid' => 'false',
			)
		);
		return sprintf(
			'<span class="wpcf7-form-control-wrap" data-name="%1$s"><span class="%2$s"><span class="wpcf7-list-item">'
				. '<label><input %3$s /><span class="wpcf7-list-item-label">%4$s</span></label></span></span></span>',
			esc_attr( $tag->name ),
			esc_attr( wpcf7_form_controls_class( $tag->type ) ),
			trim( $box ),
			wp_kses_post( $label )
		);
	}

	public function add_generator(): void {
		WPCF7_TagGenerator::get_instance()->add(
			self::TYPE,
			__( 'newsletter', 'gateway-connector' ),
			array( $this, 'print_generator' ),
			array( 'version' => '2' )
		);
	}

	/**
	 * The dialog that writes the tag into the form.
	 *
	 * @param WPCF7_ContactForm $form    The form.
	 * @param array             $options The generator's options.
	 */
	public function print_generator( WPCF7_ContactForm $form, array $options ): void {
		$parts = new WPCF7_TagGeneratorGenerator( $options['content'] );
		?>
		<div class="description-box">
			<h3><?php esc_html_e( 'Newsletter checkbox form-tag generator', 'gateway-connector' ); ?></h3>
			<p>
				<?php
				esc_html_e(
					'Generates a box that people tick to get your newsletter. Choose the list under the tab “Gateway”.',
					'gateway-connector'
				);
				?>
			</p>
		</div>
		<div class="control-box">
			<?php
			$parts->print(
				'field_type',
				array( 'select_options' => array( self::TYPE => __( 'Newsletter checkbox', 'gateway-connector' ) ) )
			);
			$parts->print( 'field_name' );
			$parts->print( 'class_attr' );
			?>
			<fieldset>
				<legend id="<?php echo esc_attr( $parts->ref( 'value-legend' ) ); ?>">
					<?php esc_html_e( 'Text beside the box', 'gateway-connector' ); ?>
				</legend>
				<input type="text" required data-tag-part="value" aria-labelledby="<?php echo esc_attr( $parts->ref( 'value-legend' ) ); ?>"
					value="<?php esc_attr_e( 'Yes, send me the newsletter.', 'gateway-connector' ); ?>" />
			</fieldset>
			<fieldset>
				<legend><?php esc_html_e( 'Privacy policy', 'gateway-connector' ); ?></legend>
				<label>
					<input type="checkbox" data-tag-part="option" data-tag-option="<?php echo esc_attr( Policy::OPTION ); ?>" />
					<?php esc_html_e( 'Link to the privacy policy after the text', 'gateway-connector' ); ?>
				</label>
			</fieldset>
		</div>
		<div class="insert-box">
			<?php
			$parts->print( 'insert_box_content' );
			$parts->print( 'mail_tag_tip' );
			?>
		</div>
		<?php
	}
}
